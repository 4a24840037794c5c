// Small charts as SVG text: lines, and stacked horizontal bars. Colour-blind readers can distinguish the colours (Okabe
// and Ito); each panel names its unit.

const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const FONT = 'font-family="Helvetica, Arial, sans-serif"';

const escaped = (text) => String(text).replace(/[&<>]/g, (each) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[each]);

const text = (x, y, content, { size = 12, anchor = 'start', fill = '#222' } = {}) =>
  `<text x="${x}" y="${y}" font-size="${size}" text-anchor="${anchor}" fill="${fill}">${escaped(content)}</text>`;

/** Puts panels (functions of a width that return { body, height }) below each other. */
export function figure(width, panels) {
  const margin = 20;
  let top = margin;
  const bodies = panels.map((panel) => {
    const { body, height } = panel(width - 2 * margin);
    const placed = `<g transform="translate(${margin},${top})">${body}</g>`;
    top += height + margin;
    return placed;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}" ${FONT}>`,
    `<rect width="${width}" height="${top}" fill="#fff"/>`,
    ...bodies,
    '</svg>\n',
  ].join('\n');
}

/**
 * Lines over a linear x axis. `series`: [{ name, points: [[x, y]], marks }]; `xTicks`: [[x, label]]; `yTicks` likewise;
 * with `log` the y axis is logarithmic.
 */
export function lines({ title, xLabel, series, xTicks, yTicks, log = false, height = 260 }) {
  return (width) => {
    const plot = { left: 60, right: width - 190, top: 30, bottom: height - 45 };
    const scaled = (value) => (log ? Math.log10(value) : value);
    const xs = xTicks.map(([x]) => x);
    const ys = yTicks.map(([y]) => scaled(y));
    const place = (value, low, high, from, to) => from + ((value - low) / (high - low)) * (to - from);
    const px = (x) => place(x, Math.min(...xs), Math.max(...xs), plot.left, plot.right).toFixed(1);
    const py = (y) => place(scaled(y), Math.min(...ys), Math.max(...ys), plot.bottom, plot.top).toFixed(1);
    const parts = [text(0, 12, title, { size: 14 })];
    for (const [y, label] of yTicks) {
      parts.push(`<path d="M${plot.left} ${py(y)}H${plot.right}" stroke="#ddd"/>`);
      parts.push(text(plot.left - 6, Number(py(y)) + 4, label, { anchor: 'end', size: 11 }));
    }
    for (const [x, label] of xTicks) parts.push(text(px(x), plot.bottom + 16, label, { anchor: 'middle', size: 11 }));
    parts.push(text((plot.left + plot.right) / 2, plot.bottom + 34, xLabel, { anchor: 'middle', size: 11 }));
    series.forEach(({ name, points, marks }, i) => {
      const color = COLORS[i % COLORS.length];
      const path = points.map(([x, y], at) => `${at ? 'L' : 'M'}${px(x)} ${py(y)}`).join('');
      parts.push(`<path d="${path}" fill="none" stroke="${color}" stroke-width="1.8"/>`);
      if (marks) parts.push(...points.map(([x, y]) => `<circle cx="${px(x)}" cy="${py(y)}" r="3.5" fill="${color}"/>`));
      parts.push(...legendEntry(plot.right + 14, plot.top + 10 + 18 * i, color, name));
    });
    return { body: parts.join('\n'), height };
  };
}

/** Stacked horizontal bars. `bars`: [{ name, values }], one value for each of `parts`; `unit` follows the totals. */
export function stackedBars({ title, parts: names, bars, unit }) {
  return (width) => {
    const [left, right, top, step] = [230, width - 90, 46, 22];
    const longest = Math.max(...bars.map(({ values }) => values.reduce((sum, value) => sum + value, 0)));
    const scale = (right - left) / longest;
    const body = [text(0, 12, title, { size: 14 })];
    names.forEach((name, i) => {
      body.push(...legendEntry(left + 110 * i, 30, COLORS[i % COLORS.length], name));
    });
    bars.forEach(({ name, values }, row) => {
      const y = top + step * row;
      let x = left;
      values.forEach((value, i) => {
        const length = value * scale;
        body.push(
          `<rect x="${x.toFixed(1)}" y="${y}" width="${length.toFixed(1)}" height="15" fill="${COLORS[i % COLORS.length]}"/>`,
        );
        x += length;
      });
      body.push(text(left - 8, y + 12, name, { anchor: 'end', size: 11 }));
      const sum = values.reduce((total, value) => total + value, 0);
      body.push(text(x + 6, y + 12, `${Math.round(sum)} ${unit}`, { size: 11 }));
    });
    return { body: body.join('\n'), height: top + step * bars.length };
  };
}

function legendEntry(x, y, color, name) {
  return [`<rect x="${x}" y="${y - 9}" width="10" height="10" fill="${color}"/>`, text(x + 15, y, name, { size: 11 })];
}
