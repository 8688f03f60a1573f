import { expect, it } from "vitest";
import { installText } from "./tools.ts";

it("names each package once that has what is missing", () => {
  expect(installText(["unshare", "nsenter", "nft"])).toMatch(/apt-get install util-linux nftables$/);
});
