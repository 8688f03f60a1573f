import type { Clock } from "../clock.ts";
import type { Fields } from "./fields.ts";
import { FileText } from "./file-text.ts";

/** A certificate, key or token that a kubeconfig names or holds. */
export interface StoredText {
  read(): Promise<string>;
  markStale(): void;
}

/** Of the fields NAME (a file) and NAME-data (base64), the second wins. */
export function pemOf(fields: Fields, name: string, clock: Clock): StoredText | undefined {
  const data = fields.text(`${name}-data`);
  if (data !== undefined) {
    const text = Buffer.from(data, "base64").toString("utf8");
    checkPem(fields, `${name}-data`, text);
    return { read: async () => text, markStale: () => undefined };
  }
  const path = fields.filePath(name);
  if (path === undefined) return undefined;
  const file = new FileText(path, clock);
  return {
    async read() {
      const text = await file.read();
      checkPem(fields, name, text);
      return text;
    },
    markStale: () => file.markStale(),
  };
}

function checkPem(fields: Fields, name: string, text: string): void {
  if (!text.includes("-----BEGIN ")) fields.refuse(name, "holds no PEM (`-----BEGIN …`)");
}
