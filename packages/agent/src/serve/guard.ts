import { createHash } from "node:crypto";
import type { Clock } from "@podwall/kube";

/** What keeps others from the endpoints. */
export interface Guard {
  /** Whether whoever has this token, and asks from this address, may get this path. Never rejects. */
  admit(token: string | undefined, path: string, from: string): Promise<Admission>;
}

export type Admission = { readonly kind: "admitted" } | Refusal;

export interface Refusal {
  readonly kind: "refused";
  /** HTTP's: 401 nobody's token, 403 may not, 503 it cannot be told now. */
  readonly code: 401 | 403 | 503;
  readonly because: string;
}

/** Where tokens and rights are looked up. Rejects where they cannot be. */
export type Review = (token: string, path: string) => Promise<"allowed" | "denied" | "nobody">;

/** For so long an answer is not asked for again: what is taken back is in force after that at the latest. */
export const answerHoldsMs = 10_000;
/** Answers that are kept; the oldest refusal goes first. */
const mostAnswers = 256;
/** Questions at a time, and a minute: whoever sends nonsense must not bring it down on the API server. */
const mostAtATime = 4;
const mostAMinute = 240;
/** Of those, for one address: whoever sends nonsense must not keep all others out. */
const mostOfOneAddress = 120;
const longestToken = 16_384;

interface KeptAnswer {
  at: number;
  readonly admission: Promise<Admission>;
  wasAdmitted: boolean;
}

/** Lets in whom the API server says may; nobody where it does not say. */
export class TokenGuard implements Guard {
  readonly #review: Review;
  readonly #clock: Clock;
  readonly #answers = new Map<string, KeptAnswer>();
  #asking = 0;
  #minute = Number.NEGATIVE_INFINITY;
  #asked = 0;
  /** In this minute, by address. */
  readonly #askedFor = new Map<string, number>();

  constructor(review: Review, clock: Clock) {
    this.#review = review;
    this.#clock = clock;
  }

  async admit(token: string | undefined, path: string, from: string): Promise<Admission> {
    if (token === undefined || token === "" || token.length > longestToken)
      return refused(401, "show a token of the cluster's: Authorization: Bearer …");
    // Not the token itself: memory may be dumped.
    const key = createHash("sha256").update(`${path}\n${token}`).digest("base64");
    const known = this.#answers.get(key);
    if (known !== undefined && this.#clock.now() - known.at < answerHoldsMs) return known.admission;
    // Whoever was let in before is not kept out by others' nonsense.
    if (known?.wasAdmitted !== true && this.#isBusy(from)) return refused(503, "too many are asking; try again");
    const wasAdmitted = known?.wasAdmitted ?? false;
    const kept: KeptAnswer = { at: this.#clock.now(), admission: this.#ask(token, path, from), wasAdmitted };
    this.#keep(key, kept);
    const answer = await kept.admission;
    if (answer.kind === "admitted" || answer.code !== 503) kept.wasAdmitted = answer.kind === "admitted";
    // What could not be told is asked again at once; who was let in before is remembered for that.
    else if (wasAdmitted) kept.at = Number.NEGATIVE_INFINITY;
    else this.#answers.delete(key);
    return answer;
  }

  #keep(key: string, kept: KeptAnswer): void {
    this.#answers.delete(key);
    this.#answers.set(key, kept);
    if (this.#answers.size <= mostAnswers) return;
    const [oldest] = this.#answers.keys();
    const first = [...this.#answers].find(([, { wasAdmitted }]) => !wasAdmitted)?.[0] ?? oldest;
    if (first !== undefined) this.#answers.delete(first);
  }

  #isBusy(from: string): boolean {
    const now = this.#clock.now();
    if (now - this.#minute >= 60_000) {
      [this.#minute, this.#asked] = [now, 0];
      this.#askedFor.clear();
    }
    const asked = this.#askedFor.get(from) ?? 0;
    return this.#asking >= mostAtATime || this.#asked >= mostAMinute || asked >= mostOfOneAddress;
  }

  async #ask(token: string, path: string, from: string): Promise<Admission> {
    this.#asking += 1;
    this.#asked += 1;
    this.#askedFor.set(from, (this.#askedFor.get(from) ?? 0) + 1);
    try {
      const answer = await this.#review(token, path);
      if (answer === "allowed") return { kind: "admitted" };
      return answer === "nobody"
        ? refused(401, "this token is nobody's, or too old")
        : refused(403, `this needs a ClusterRole with nonResourceURLs: ["${path}"] and verbs: ["get"]`);
    } catch {
      return refused(503, "the API server does not say whose token this is; nobody is let in until it does");
    } finally {
      this.#asking -= 1;
    }
  }
}

function refused(code: Refusal["code"], because: string): Refusal {
  return { kind: "refused", code, because };
}
