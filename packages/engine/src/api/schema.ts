import type { DiagnosticCode } from "../source/catalogue.ts";
import type { Field } from "./field.ts";

/**
 * What a CustomResourceDefinition says of a value: the parts of a structural OpenAPI schema that the policy API uses.
 * `checkSchema` holds a value against it as the API server does.
 */
export type Schema = TextSchema | IntegerSchema | ListSchema | ObjectSchema | TextMapSchema | AnythingSchema;

export interface TextSchema {
  readonly kind: "text";
  readonly oneOf?: readonly string[];
  /** What another version of the API calls one of them: its name there, and here. */
  readonly renamed?: ReadonlyMap<string, string>;
  /** In characters. */
  readonly maxLength?: number;
  readonly pattern?: RegExp;
  readonly rule?: Rule;
}

export interface IntegerSchema {
  readonly kind: "integer";
  readonly minimum: number;
  readonly maximum: number;
  readonly code: DiagnosticCode;
}

export interface ListSchema {
  readonly kind: "list";
  readonly items: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** No value twice: `x-kubernetes-list-type: set`. */
  readonly unique?: true;
}

export interface ObjectSchema {
  readonly kind: "object";
  readonly fields: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** At least one field. */
  readonly notEmpty?: true;
  /** At most one field; with `notEmpty`, exactly one. */
  readonly atMostOne?: true;
  /** Fields that are known in another part, and where that is. */
  readonly elsewhere?: (field: Field) => ReadonlyMap<string, string>;
  /** What other versions and kinds call a field: its name there, and here. */
  readonly renamed?: ReadonlyMap<string, string>;
  readonly rule?: Rule;
}

/** A mapping of texts with any keys. */
export interface TextMapSchema {
  readonly kind: "text-map";
}

/** What is checked elsewhere, or not at all. */
export interface AnythingSchema {
  readonly kind: "anything";
}

/** What a schema says beyond shapes (`x-kubernetes-validations`): reports a value of the right type that breaks it. */
export type Rule = (field: Field) => void;
