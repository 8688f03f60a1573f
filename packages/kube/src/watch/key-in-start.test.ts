import { describe, expect, it } from "vitest";
import { keyInStart } from "./key-in-start.ts";

const keyIn = (text: string) => keyInStart(Buffer.from(text));

describe("the key in the beginning of an object", () => {
  it("is found where the API server writes it", () => {
    const pod =
      '"kind":"Pod","apiVersion":"v1","metadata":{"name":"web-1","generateName":"web-","namespace":"shop","uid":"';
    expect(keyIn(`{"type":"ADDED","object":{${pod}`)).toBe("shop/web-1");
    expect(keyIn('{"metadata":{"name":"web","namespace":"shop","labels":{"')).toBe("shop/web");
    expect(keyIn('{"metadata":{"name":"node-1","uid":"')).toBe("node-1");
  });

  it("is not guessed", () => {
    expect(keyIn('{"metadata":{"name":"half')).toBeUndefined();
    expect(keyIn('{"metadata":{"labels":{"name":"x"},"name":"y"')).toBeUndefined();
    expect(keyIn('{"spec":{"name":"x"}')).toBeUndefined();
    expect(keyIn("")).toBeUndefined();
  });
});
