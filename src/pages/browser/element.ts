/** Builds elements. Text always becomes a text node, so markup in data stays text. */

type Child = Node | string | null;

/** Attributes by name; null leaves one out, and a function listens to the event of that name. */
type Attributes = Record<string, string | number | boolean | null | ((event: never) => void)>;

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  attribute(made, attributes);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** An element of SVG. */
export function shape<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  attribute(made, attributes);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function attribute(made: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value as EventListener);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== null && value !== false) made.setAttribute(name, String(value));
  }
}
