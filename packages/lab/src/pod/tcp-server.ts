import { type Socket, createServer } from "node:net";
import { Conversation } from "./conversation.ts";
import { greetingStart } from "./greeting.ts";
import type { Listener } from "./messages.ts";
import { page } from "./page.ts";
import type { ServerOptions, RunningServer } from "./server.ts";

/** Answers greetings, HTTP requests and, on port 53, DNS questions. Rejects when the address cannot be had. */
export function serveTcp(listener: Listener, options: ServerOptions): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    converse(socket, listener, options);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: listener.address, port: listener.port, ipv6Only: true, backlog: 4096 }, () => {
      server.off("error", reject);
      server.on("error", () => undefined);
      resolve({
        close: () => {
          server.close();
          for (const socket of sockets) socket.destroy();
        },
      });
    });
  });
}

function converse(socket: Socket, listener: Listener, options: ServerOptions): void {
  const conversation = new Conversation(options.name, options.words, (text) => void socket.write(text));
  let buffer: Buffer = Buffer.alloc(0);
  socket.setNoDelay();
  socket.on("error", () => undefined);
  socket.on("close", () => conversation.end());
  socket.on("data", (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    const text = buffer.toString("latin1");
    if (/^(GET|HEAD) /.test(text)) {
      if (!text.includes("\r\n\r\n") && !text.includes("\n\n")) return;
      socket.end(httpAnswer(text, page(options.name(), listener, socket.remoteAddress)));
    } else if (listener.port === 53 && !greetingStart.startsWith(text.slice(0, greetingStart.length))) {
      buffer = answerDnsStream(socket, buffer, options);
    } else {
      buffer = hearLines(socket, text, conversation);
    }
  });
}

function hearLines(socket: Socket, text: string, conversation: Conversation): Buffer {
  let rest = text;
  for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
    if (!conversation.hear(rest.slice(0, end + 1))) socket.destroy();
    rest = rest.slice(end + 1);
  }
  return Buffer.from(rest, "latin1");
}

/** DNS over TCP puts two bytes of length before each message (RFC 1035, 4.2.2). */
function answerDnsStream(socket: Socket, buffer: Buffer, { answerDns }: ServerOptions): Buffer {
  let rest = buffer;
  while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
    const length = rest.readUInt16BE(0);
    const answer = answerDns(rest.subarray(2, 2 + length));
    if (answer === undefined) {
      socket.destroy();
      break;
    }
    const prefix = Buffer.alloc(2);
    prefix.writeUInt16BE(answer.length);
    socket.write(Buffer.concat([prefix, answer]));
    rest = rest.subarray(2 + length);
  }
  return rest;
}

function httpAnswer(request: string, body: string): string {
  const head = [
    "HTTP/1.1 200 OK",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${request.startsWith("HEAD") ? "" : body}`;
}
