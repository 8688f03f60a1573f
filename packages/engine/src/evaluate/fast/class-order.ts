import type { PodClass } from "./pod-class.ts";

/** Classes by place: from 0 on, without gaps, so that what is said of each of them is one array. */
export class ClassOrder {
  readonly classes: readonly PodClass[];
  /** Those of whom a question about addresses holds are of a few address sets. */
  readonly #byAddresses = new Map<ReadonlySet<number>, number[]>();
  readonly #placeById: Int32Array;
  #naming: Int32Array | undefined;

  constructor(classes: Iterable<PodClass>) {
    this.classes = [...classes];
    let last = 0;
    for (const { id } of this.classes) if (id > last) last = id;
    this.#placeById = new Int32Array(last + 1);
    for (let place = 0; place < this.classes.length; place++) {
      const { id, addresses } = this.at(place);
      this.#placeById[id] = place;
      const others = this.#byAddresses.get(addresses.first.members);
      if (others === undefined) this.#byAddresses.set(addresses.first.members, [place]);
      else others.push(place);
    }
  }

  get count(): number {
    return this.classes.length;
  }

  at(place: number): PodClass {
    return this.classes[place] as PodClass;
  }

  placesOf(classes: Iterable<PodClass>): Int32Array {
    const places: number[] = [];
    this.addPlaces(classes, places);
    return Int32Array.from(places);
  }

  addPlaces(classes: Iterable<PodClass>, places: number[]): void {
    const placeById = this.#placeById;
    for (const { id } of classes) places.push(placeById[id] as number);
  }

  /** Calls with the place of each class whose first address a question about addresses holds for, by its number. */
  forEachHolding(number: number, visit: (place: number) => void): void {
    for (const [members, places] of this.#byAddresses) {
      if (members.has(number)) for (const place of places) visit(place);
    }
  }

  /** The classes that give numbers to port names that rules ask for. */
  get naming(): Int32Array {
    this.#naming ??= this.placesOf(this.classes.filter(({ askedPorts }) => askedPorts !== ""));
    return this.#naming;
  }
}
