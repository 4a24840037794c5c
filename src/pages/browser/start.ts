/** Starts a page: reads its data, shows it, and shows what went wrong. */
import { element } from './element';
import { readData } from './unpack';

export async function start<T>(show: (data: T) => void): Promise<void> {
  try {
    show(await readData<T>());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    document.body.replaceChildren(element('main', { class: 'fault', role: 'alert' }, message));
    throw error;
  }
}
