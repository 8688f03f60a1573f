import { createSocket } from "node:dgram";
import { Conversation } from "./conversation.ts";
import { greetingStart, parseGreeting } from "./greeting.ts";
import type { Listener } from "./messages.ts";
import type { RunningServer, ServerOptions } from "./server.ts";

/** How many clients are remembered; the oldest are forgotten first. */
const maxClients = 10_000;

/** Answers greetings and, on port 53, DNS questions. Rejects when the address cannot be had. */
export function serveUdp(listener: Listener, options: ServerOptions): Promise<RunningServer> {
  const socket = createSocket(listener.address.includes(":") ? { type: "udp6", ipv6Only: true } : { type: "udp4" });
  const clients = new Map<string, Conversation>();
  let closed = false;
  const say = (text: string | Buffer, port: number, address: string): void => {
    if (!closed) socket.send(text, port, address, () => undefined);
  };
  const streamOf = (port: number, address: string): Conversation => {
    const key = `${address} ${port}`;
    const known = clients.get(key);
    if (known !== undefined) return known;
    const conversation = new Conversation(options.name, options.words, (text) => say(text, port, address));
    clients.set(key, conversation);
    for (const [oldest, { end }] of clients) {
      if (clients.size <= maxClients) break;
      end();
      clients.delete(oldest);
    }
    return conversation;
  };
  socket.on("message", (message, { port, address }) => {
    const text = message.toString("latin1");
    if (text.startsWith(greetingStart) && parseGreeting(text)?.stream === undefined) {
      new Conversation(options.name, options.words, (reply) => say(reply, port, address)).hear(text);
    } else if (!streamOf(port, address).hear(text) && listener.port === 53) {
      const answer = options.answerDns(message);
      if (answer !== undefined) say(answer, port, address);
    }
  });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ address: listener.address, port: listener.port }, () => {
      socket.off("error", reject);
      socket.on("error", () => undefined);
      resolve({
        close: () => {
          closed = true;
          for (const conversation of clients.values()) conversation.end();
          socket.close();
        },
      });
    });
  });
}
