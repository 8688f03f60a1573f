import type { FieldType, RawField } from "./field.ts";

/** A command of nft's language, as far as podwall speaks it, about table `inet podwall`. */
export type Command =
  | { readonly kind: "add-table"; readonly comment?: string }
  | { readonly kind: "delete-table" }
  | { readonly kind: "add-chain"; readonly name: string; readonly base?: BaseChain }
  | { readonly kind: "delete-chain" | "flush-chain"; readonly name: string }
  | { readonly kind: "add-rule"; readonly chain: string; readonly rule: Rule }
  | { readonly kind: "add-set"; readonly set: SetDeclaration }
  | { readonly kind: "delete-set" | "flush-set"; readonly name: string }
  | { readonly kind: "add-element" | "delete-element"; readonly set: string; readonly elements: readonly RawElement[] };

/** What ties a chain to a hook. */
export interface BaseChain {
  readonly type: string;
  readonly hook: string;
  readonly priority: number;
  readonly policy: string;
}

/** A rule's text and what it refers to. */
export interface Rule {
  readonly text: string;
  readonly chains: readonly string[];
  readonly sets: readonly string[];
  /** Those of `sets` that must be maps. */
  readonly maps: readonly string[];
}

export interface SetDeclaration {
  readonly name: string;
  readonly kind: "set" | "map";
  readonly key: readonly FieldType[];
  /** What a map gives. */
  readonly value?: FieldType | "verdict";
  readonly flags: readonly string[];
  readonly timeout?: string;
  readonly size?: number;
  readonly counter: boolean;
  /** How the key and value were written. */
  readonly typeText: string;
}

export interface RawElement {
  readonly key: readonly RawField[];
  readonly packets?: number;
  readonly value?: RawValue;
}

export type RawValue =
  | { readonly kind: "field"; readonly field: RawField }
  | { readonly kind: "verdict"; readonly verdict: Verdict };

export interface Verdict {
  readonly word: string;
  /** Of `jump` and `goto`. */
  readonly target?: string;
}
