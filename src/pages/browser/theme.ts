/** Light and dark: as the system is set, until the reader chooses. */
import { element } from './element';

const KEY = 'xform-native.theme';
const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** The event of the document after its colours have changed. */
export const THEME_CHANGE = 'themechange';

const system = matchMedia('(prefers-color-scheme: dark)');

/** Sets the theme now and whenever the system changes, and returns the switch. */
export function themeSwitch(): HTMLSelectElement {
  const chooser = element(
    'select',
    { 'aria-label': 'Colours', change: () => choose(chooser.value as Theme) },
    ...THEMES.map((theme) => element('option', { value: theme }, theme === 'auto' ? 'system colours' : theme)),
  );
  chooser.value = remembered();
  const wear = (isDark: boolean) => {
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
    document.dispatchEvent(new Event(THEME_CHANGE));
  };
  const show = () => wear(chooser.value === 'dark' || (chooser.value === 'auto' && system.matches));
  function choose(theme: Theme): void {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // A browser that stores nothing for files forgets the choice with the page.
    }
    show();
  }
  system.addEventListener('change', show);
  window.addEventListener('beforeprint', () => wear(false));
  window.addEventListener('afterprint', show);
  show();
  return chooser;
}

function remembered(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'auto';
  } catch {
    return 'auto';
  }
}
