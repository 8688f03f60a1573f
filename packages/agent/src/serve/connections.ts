import type { Server } from "node:http";

/** Connections that one address may hold: a pod must not keep the kubelet's probes out. */
const mostConnections = 32;

/** Ends connections beyond the limit as they come. */
export function limitPerAddress(server: Server): void {
  const open = new Map<string, number>();
  server.on("connection", (socket) => {
    const from = socket.remoteAddress ?? "";
    const count = (open.get(from) ?? 0) + 1;
    open.set(from, count);
    socket.on("close", () => {
      const left = (open.get(from) ?? 1) - 1;
      if (left === 0) open.delete(from);
      else open.set(from, left);
    });
    if (count > mostConnections) socket.destroy();
  });
}
