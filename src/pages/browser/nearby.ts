/** Puts off work on elements until they come near the screen. */

/** What is still to be done, by element, in the order in which it was put off. */
const waiting = new Map<Element, () => void>();
/** How far from the screen is near. */
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) fill(target);
  },
  { rootMargin: '100%' },
);

/** Calls `work` once: when the element comes near the screen, when the browser has nothing else to do, or before printing. */
export function whenNear(element: Element, work: () => void): void {
  if (waiting.size === 0) whenIdle(fillSome);
  waiting.set(element, work);
  observer.observe(element);
}

function fill(element: Element): void {
  const work = waiting.get(element);
  waiting.delete(element);
  observer.unobserve(element);
  work?.();
}

function fillSome(hasTime: () => boolean): void {
  for (const element of waiting.keys()) {
    if (!hasTime()) break;
    fill(element);
  }
  if (waiting.size > 0) whenIdle(fillSome);
}

/** Not every browser tells when it is idle. */
function whenIdle(work: (hasTime: () => boolean) => void): void {
  if (typeof requestIdleCallback === 'function') {
    requestIdleCallback((deadline) => work(() => deadline.timeRemaining() > 2));
    return;
  }
  setTimeout(() => {
    const end = performance.now() + 10;
    work(() => performance.now() < end);
  }, 50);
}

window.addEventListener('beforeprint', () => {
  for (const element of waiting.keys()) fill(element);
});
