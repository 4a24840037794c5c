/** The selected molecules, by their positions in the data. */
export class Selection {
  readonly #chosen = new Set<number>();
  /** Where a range begins: the molecule that was chosen last. */
  #anchor: number | null = null;

  get size(): number {
    return this.#chosen.size;
  }

  has(position: number): boolean {
    return this.#chosen.has(position);
  }

  toggle(position: number): void {
    if (!this.#chosen.delete(position)) this.#chosen.add(position);
    this.#anchor = position;
  }

  /** Adds all molecules of `shown` between the one chosen last and this one. */
  extendTo(position: number, shown: readonly number[]): void {
    const end = shown.indexOf(position);
    const start = this.#anchor === null ? -1 : shown.indexOf(this.#anchor);
    const [first, last] = start < 0 ? [end, end] : [Math.min(start, end), Math.max(start, end)];
    for (const between of shown.slice(first, last + 1)) this.#chosen.add(between);
    if (start < 0) this.#anchor = position;
  }

  add(positions: readonly number[]): void {
    for (const position of positions) this.#chosen.add(position);
  }

  clear(): void {
    this.#chosen.clear();
    this.#anchor = null;
  }
}
