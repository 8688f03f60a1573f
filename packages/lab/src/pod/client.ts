import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { formatGreeting, nameInReply, type Greeting } from "./greeting.ts";
import type { ProbeOrder, ProbeOutcome } from "./messages.ts";

/** A connection on which the other end has answered. */
export interface Client {
  send(text: string): void;
  onMessage(listener: () => void): void;
  onClose(listener: (because: string) => void): void;
  close(): void;
}

export type Attempt =
  | { readonly kind: "answered"; readonly name: string; readonly client: Client }
  | { readonly kind: "failed"; readonly outcome: Exclude<ProbeOutcome, "open" | "wrong-peer"> };

type Target = Omit<ProbeOrder, "expect">;

/** How many times a datagram is sent within the time limit. */
const datagrams = 3;

/** Connects and greets. Whoever gets a client closes it. */
export function greet(target: Target, greeting: Greeting): Promise<Attempt> {
  return target.protocol === "TCP" ? greetTcp(target, greeting) : greetUdp(target, greeting);
}

function greetTcp({ address, port, from, timeoutMs }: Target, greeting: Greeting): Promise<Attempt> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, ...(from === undefined ? {} : { localAddress: from }) });
    let connected = false;
    let heard = "";
    let done = false;
    const settle = (attempt: Attempt): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      if (attempt.kind === "failed") socket.resetAndDestroy();
      resolve(attempt);
    };
    const timer = setTimeout(() => settle(failed(connected ? "silent" : "timeout")), timeoutMs);
    socket.setNoDelay();
    socket.on("connect", () => {
      connected = true;
      socket.write(formatGreeting(greeting));
    });
    socket.on("error", (error) => settle(failed(connected ? "silent" : outcomeOf(error))));
    socket.on("close", () => settle(failed(connected ? "silent" : "refused")));
    socket.on("data", (chunk) => {
      if (done) return;
      heard += chunk.toString("latin1");
      const end = heard.indexOf("\n");
      if (end < 0) return;
      const name = nameInReply(greeting.word, heard.slice(0, end + 1)) ?? "";
      settle({
        kind: "answered",
        name,
        client: {
          send: (text) => void socket.write(text),
          onMessage: (listener) => void socket.on("data", listener),
          onClose: (listener) => {
            socket.on("error", (error) => listener(codeOf(error)));
            socket.on("close", () => listener("end"));
          },
          // A reset leaves no TIME_WAIT behind, so thousands of probes do not run out of ports.
          close: () => void socket.resetAndDestroy(),
        },
      });
    });
  });
}

function greetUdp({ address, port, from, timeoutMs }: Target, greeting: Greeting): Promise<Attempt> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    let done = false;
    let closed = false;
    const close = (): void => {
      if (!closed) socket.close();
      closed = true;
    };
    const settle = (attempt: Attempt): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      clearInterval(again);
      if (attempt.kind === "failed") close();
      resolve(attempt);
    };
    const say = (): void =>
      socket.send(formatGreeting(greeting), (error) => {
        if (error !== null && !closed) settle(failed(outcomeOf(error)));
      });
    const timer = setTimeout(() => settle(failed("timeout")), timeoutMs);
    const again = setInterval(() => connected && say(), Math.ceil(timeoutMs / datagrams));
    let connected = false;
    socket.on("error", (error) => settle(failed(outcomeOf(error))));
    socket.on("connect", () => {
      connected = true;
      if (!done) say();
    });
    socket.on("message", (message) => {
      if (done) return;
      settle({
        kind: "answered",
        name: nameInReply(greeting.word, message.toString("latin1")) ?? "",
        client: {
          send: (text) => !closed && socket.send(text, () => undefined),
          onMessage: (listener) => void socket.on("message", listener),
          onClose: (listener) => void socket.on("error", (error) => listener(codeOf(error))),
          close,
        },
      });
    });
    if (from === undefined) socket.connect(port, address);
    else socket.bind({ address: from, port: 0 }, () => !done && socket.connect(port, address));
  });
}

function failed(outcome: Exclude<ProbeOutcome, "open" | "wrong-peer">): Attempt {
  return { kind: "failed", outcome };
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.message;
}

function outcomeOf(error: Error): "refused" | "timeout" | "unreachable" {
  const code = codeOf(error);
  if (code === "ECONNREFUSED" || code === "ECONNRESET") return "refused";
  return code === "ETIMEDOUT" ? "timeout" : "unreachable";
}
