/** Hands text out of the page: to the clipboard, and to a file. */
import { element } from './element';

export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyAsBefore(text);
  }
}

/** For browsers that keep the clipboard from pages in files. */
function copyAsBefore(text: string): void {
  const before = document.activeElement;
  const area = element('textarea', { 'aria-hidden': 'true', class: 'off-screen' });
  area.value = text;
  document.body.append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!isDone) throw new Error('This browser does not let the page use the clipboard; save the file instead.');
}

export function save(text: string, name: string, type: string): void {
  const href = URL.createObjectURL(new Blob([text], { type }));
  element('a', { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
