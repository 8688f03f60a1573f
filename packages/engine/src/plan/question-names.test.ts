import { expect, it } from "vitest";
import { ShortNames } from "./question-names.ts";

it("calls a question by the same name each time, and none by one that another had before", () => {
  const names = new ShortNames();
  const [one, two] = [names.of("pods app=web"), names.of("pods app=cart")];
  expect(names.of("pods app=web")).toBe(one);
  expect(two).not.toBe(one);
  const later = new ShortNames(names.last);
  expect([one, two]).not.toContain(later.of("pods app=cart"));
});
