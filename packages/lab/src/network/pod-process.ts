import { type ChildProcess, spawn } from "node:child_process";
import type { PodReply, PodRequestKind, PodRequests } from "../pod/messages.ts";
import { ended, toolEnv } from "../world/run.ts";

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((done: number) => void) | undefined;
}

/** The pod program in one namespace. */
export class PodProcess {
  readonly #child: ChildProcess;
  readonly #what: string;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  private constructor(child: ChildProcess, what: string) {
    this.#child = child;
    this.#what = what;
    child.on("message", (reply: PodReply) => this.#receive(reply));
    child.on("exit", () => this.#failAll());
    child.on("error", () => this.#failAll());
  }

  /** Starts the program by way of `enter`, a command that leads into its namespace. */
  static async start(enter: readonly string[], podProgram: string, what: string): Promise<PodProcess> {
    const [command = "", ...args] = [...enter, process.execPath, podProgram];
    const { NODE_OPTIONS: _, ...env } = toolEnv();
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe", "ipc"], env, detached: true });
    let complaints = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      complaints = (complaints + chunk.toString()).slice(-2000);
    });
    await new Promise<void>((resolve, reject) => {
      child.once("message", () => resolve());
      child.once("error", reject);
      child.once("close", () => reject(new Error(`${what} could not be started: ${complaints.trim()}`)));
    });
    return new PodProcess(child, what);
  }

  /** Asks for something and waits for the answer. */
  ask<K extends PodRequestKind>(
    kind: K,
    order: PodRequests[K]["order"],
    onProgress?: (done: number) => void,
  ): Promise<PodRequests[K]["answer"]> {
    const id = ++this.#lastId;
    return new Promise<PodRequests[K]["answer"]>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject, onProgress });
      this.#child.send({ id, kind, order }, (error) => {
        if (error === null) return;
        this.#waiting.delete(id);
        reject(new Error(`${this.#what} has ended`, { cause: error }));
      });
    });
  }

  async stop(): Promise<void> {
    // The program ends by itself when nobody is left to tell it what to do.
    if (this.#child.connected) this.#child.disconnect();
    await ended(this.#child);
  }

  #receive(reply: PodReply): void {
    if (reply.kind === "ready") return;
    const waiting = this.#waiting.get(reply.id);
    if (reply.kind === "progress") return waiting?.onProgress?.(reply.done);
    this.#waiting.delete(reply.id);
    if (reply.kind === "answer") waiting?.resolve(reply.answer);
    else waiting?.reject(new Error(`${this.#what}: ${reply.message}`));
  }

  #failAll(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(`${this.#what} has ended`));
    this.#waiting.clear();
  }
}
