/** Drawings of molecules: images, in which no script and no link of an SVG can act. */
import { element } from './element';

/** The image of an SVG. */
export function drawing(svg: string, alt: string): HTMLImageElement {
  const { width, height } = sizeOf(svg);
  const src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  return element('img', { class: 'drawing', src, alt, width, height });
}

/** The size of its view box, so that the page does not move when the drawing appears. */
function sizeOf(svg: string): { width: number | null; height: number | null } {
  const [, width, height] = /viewBox=["']\s*\S+\s+\S+\s+([\d.]+)\s+([\d.]+)/.exec(svg) ?? [];
  return { width: width ? Math.round(Number(width)) : null, height: height ? Math.round(Number(height)) : null };
}
