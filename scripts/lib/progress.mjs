// Progress of a long build: one line that is rewritten on a terminal, a line every ten per cent elsewhere.

/** Takes Ninja's output line by line (status format `[%f/%t] `) and reports the progress. */
export class NinjaProgress {
  #started = Date.now();
  #shown = -1;

  constructor(what, stream = process.stderr) {
    this.what = what;
    this.stream = stream;
  }

  line(text) {
    const match = /^\[(\d+)\/(\d+)\] /.exec(text);
    if (!match) return;
    const [done, total] = [Number(match[1]), Number(match[2])];
    const percent = Math.floor((100 * done) / total);
    const message = `${this.what}: ${percent} %, ${done} of ${total} objects, ${this.minutes()}`;
    if (this.stream.isTTY) {
      this.stream.write(`\r\x1b[K${message}`);
    } else if (Math.floor(percent / 10) > Math.floor(this.#shown / 10)) {
      this.stream.write(`${message}\n`);
    }
    this.#shown = percent;
  }

  end() {
    if (this.stream.isTTY) this.stream.write('\r\x1b[K');
  }

  minutes() {
    const seconds = Math.round((Date.now() - this.#started) / 1000);
    return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  }
}
