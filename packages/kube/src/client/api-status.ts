import { asMapping } from "../as-mapping.ts";

/** The API's answer where it refuses: a `Status` object, or what stands in for one. */
export interface ApiStatus {
  /** HTTP's. */
  readonly code: number;
  /** A word such as `NotFound`, `Forbidden`, `Expired`; empty where the server gave none. */
  readonly reason: string;
  readonly message: string;
  /** How long the server wants to be left alone. */
  readonly retryAfterMs?: number;
}

/** The status in an object of kind Status; of an object of another kind, undefined. */
export function statusOf(object: unknown): ApiStatus | undefined {
  const status = asMapping(object);
  if (status?.["kind"] !== "Status") return undefined;
  const { code, reason, message } = status;
  const seconds = asMapping(status["details"])?.["retryAfterSeconds"];
  return {
    code: typeof code === "number" ? code : 0,
    reason: typeof reason === "string" ? reason : "",
    message: typeof message === "string" ? message : "",
    ...(typeof seconds === "number" && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
  };
}

/** The status of an HTTP answer that is not of the 200s, whoever gave it. */
export function statusOfAnswer(code: number, body: string, retryAfter: string | undefined): ApiStatus {
  const told = statusOf(parseJson(body));
  const seconds = Number(retryAfter ?? "");
  return {
    reason: "",
    message: body.trim().slice(0, 200),
    ...told,
    code,
    ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
  };
}

/** The history asked for is gone: watch or page from a new list. */
export function isExpired({ code, reason }: ApiStatus): boolean {
  return code === 410 || reason === "Expired" || reason === "Gone";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
