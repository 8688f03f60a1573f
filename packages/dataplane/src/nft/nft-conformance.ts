import { afterEach, describe } from "vitest";
import { testElements } from "./conformance/elements.ts";
import type { OpenTable } from "./conformance/harness.ts";
import { testListedValues } from "./conformance/listed-values.ts";
import { testObjects } from "./conformance/objects.ts";
import { testReferences } from "./conformance/references.ts";
import { testRefusals } from "./conformance/refusals.ts";
import { testTransactions } from "./conformance/transactions.ts";
import type { Nft } from "./nft.ts";

/**
 * What every `Nft` does, as nft 1.0.6 on Linux 6.18 does it. `open` is called for each test; its table `inet podwall` is
 * replaced before and deleted afterwards.
 */
export function describeNft(name: string, open: () => Promise<Nft>): void {
  describe(name, () => {
    let opened: Nft | undefined;
    const table: OpenTable = async (...commands) => {
      opened = await open();
      await opened.run(["add table inet podwall", "delete table inet podwall", "add table inet podwall", ...commands]);
      return opened;
    };

    afterEach(async () => {
      await opened?.run(["add table inet podwall", "delete table inet podwall"]);
      opened = undefined;
    });

    testObjects(table);
    testListedValues(table);
    testElements(table);
    testReferences(table);
    testTransactions(table);
    testRefusals(table);
  });
}
