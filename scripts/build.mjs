// npm run build: bundles the command line and the lab's pod program into apps/cli/dist.
import { build } from "./lib/bundle.mjs";
import { main } from "./lib/main.mjs";
import { setup } from "./lib/setup.mjs";

await main(async () => {
  await setup();
  await build();
});
