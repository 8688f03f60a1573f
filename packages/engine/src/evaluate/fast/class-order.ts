import type { PodClass, Via } from "./pod-class.ts";

/** Classes by place, met by one of their addresses: from 0 on, without gaps, so that what is said of all is an array. */
export class ClassOrder {
  readonly classes: readonly PodClass[];
  /** Those of whom a question about addresses holds are of a few address sets. */
  readonly #byAddresses = new Map<ReadonlySet<number>, number[]>();
  readonly #placeById: Int32Array;
  #naming: Int32Array | undefined;
  readonly #portChoices = new Map<string, number>();
  #portsOf: Int32Array | undefined;

  constructor(classes: Iterable<PodClass>, via: Via) {
    this.classes = [...classes];
    let last = 0;
    for (const { id } of this.classes) if (id > last) last = id;
    this.#placeById = new Int32Array(last + 1);
    for (let place = 0; place < this.classes.length; place++) {
      const { id, addresses } = this.at(place);
      this.#placeById[id] = place;
      const others = this.#byAddresses.get(addresses[via].members);
      if (others === undefined) this.#byAddresses.set(addresses[via].members, [place]);
      else others.push(place);
    }
  }

  get count(): number {
    return this.classes.length;
  }

  at(place: number): PodClass {
    return this.classes[place] as PodClass;
  }

  placeOf({ id }: PodClass): number {
    return this.#placeById[id] as number;
  }

  placesOf(classes: ReadonlySet<PodClass>): Int32Array {
    const places = new Int32Array(classes.size);
    let count = 0;
    classes.forEach(({ id }) => (places[count++] = this.#placeById[id] as number));
    return places;
  }

  /** The places of the classes whose address, by which they are met, a question about addresses holds for, by its number. */
  placesHolding(number: number): Int32Array {
    const held = [...this.#byAddresses].filter(([members]) => members.has(number));
    return joined(held.map(([, places]) => places));
  }

  /** Which choice of numbers for port names a class makes; choices are numbers from 0 on. */
  portsOf(place: number): number {
    this.#portsOf ??= this.#readPorts();
    return this.#portsOf[place] as number;
  }

  get portChoices(): number {
    this.#portsOf ??= this.#readPorts();
    return this.#portChoices.size;
  }

  #readPorts(): Int32Array {
    const choices = this.#portChoices;
    return Int32Array.from(this.classes, ({ askedPorts }) => {
      const known = choices.get(askedPorts);
      if (known !== undefined) return known;
      choices.set(askedPorts, choices.size);
      return choices.size - 1;
    });
  }

  /** The classes that give numbers to port names that rules ask for. */
  get naming(): Int32Array {
    this.#naming ??= this.placesOf(new Set(this.classes.filter(({ askedPorts }) => askedPorts !== "")));
    return this.#naming;
  }
}

/** One array for several. */
export function joined(parts: readonly ArrayLike<number>[]): Int32Array {
  const whole = new Int32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
