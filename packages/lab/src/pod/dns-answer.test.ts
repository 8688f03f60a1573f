import { type Packet, decode, encode } from "dns-packet";
import { describe, expect, it } from "vitest";
import { answerDns } from "./dns-answer.ts";

const zone = { "web.demo.svc.cluster.local": ["10.96.0.20", "fd00:10:96::14"] };

function ask(type: string, name: string): Packet | undefined {
  const answer = answerDns(encode({ type: "query", id: 7, questions: [{ type, name }] }), zone);
  return answer === undefined ? undefined : decode(answer);
}

describe("the lab's DNS", () => {
  it("answers with the addresses of the family asked for, whatever the case of the name", () => {
    expect(ask("A", "Web.demo.svc.cluster.local")).toMatchObject({
      id: 7,
      answers: [{ type: "A", data: "10.96.0.20" }],
    });
    expect(ask("AAAA", "web.demo.svc.cluster.local")?.answers).toMatchObject([
      { type: "AAAA", data: "fd00:10:96::14" },
    ]);
  });

  it("tells a name without addresses of a type from a name that is not there", () => {
    expect(ask("MX", "web.demo.svc.cluster.local")).toMatchObject({ rcode: "NOERROR", answers: [] });
    expect(ask("A", "__proto__")).toMatchObject({ rcode: "NXDOMAIN", answers: [] });
  });

  it("does not answer what is no question", () => {
    expect(answerDns(Buffer.from("podwall"), zone)).toBeUndefined();
    expect(answerDns(encode({ type: "response", id: 7 }), zone)).toBeUndefined();
  });
});
