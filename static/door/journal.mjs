// What this door knows and scanned, kept on the device: a reload or a flat battery loses nothing.

/** The door's memory of one session; throws when the browser cannot keep anything. */
export class Journal {
  #key;
  #told = { key: "", seats: [], scans: [] };
  #waiting = [];

  constructor(live) {
    this.#key = `door-${live}`;
    const kept = JSON.parse(localStorage.getItem(this.#key) ?? "null");
    if (kept) ({ told: this.#told, waiting: this.#waiting } = kept);
    this.#keep();
  }

  get key() { return this.#told.key; }
  get seats() { return this.#told.seats; }
  get waiting() { return this.#waiting; }
  get odd() { return this.#told.scans.filter((scan) => scan.admission !== "admitted"); }

  /** The numbers of the seats that came through any door, as far as this one knows. */
  get came() {
    const admitted = this.#told.scans.filter((scan) => scan.admission === "admitted");
    return new Set([...admitted, ...this.#waiting.filter((scan) => scan.verdict === "welcome")].map((scan) => scan.seat));
  }

  seat(number) { return this.seats.find((seat) => seat.number === number); }

  /** An earlier scan of this very card, here or at another door. */
  earlier(card) {
    const same = (scan) => scan.seat === card.seat && scan.issue === card.issue;
    return this.#told.scans.find(same) ?? this.#waiting.find(same);
  }

  /** The newest card of a seat that this door has heard of. */
  newest(number) {
    const seen = [...this.#told.scans, ...this.#waiting].filter((scan) => scan.seat === number);
    return Math.max(this.seat(number)?.issue ?? 1, ...seen.map((scan) => scan.issue));
  }

  /** Keep a scan until it was handed in. */
  add(scan) {
    this.#waiting.push(scan);
    this.#keep();
  }

  /** Take what the server says; `settled` are the scans that it keeps or will never take. */
  learn({ key, seats, scans }, settled = []) {
    this.#told = { key, seats, scans };
    this.#waiting = this.#waiting.filter((scan) => !settled.includes(scan.id));
    this.#keep();
  }

  #keep() {
    localStorage.setItem(this.#key, JSON.stringify({ told: this.#told, waiting: this.#waiting }));
  }
}
