import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "packages/*/src/**/*.test.ts",
            "apps/*/src/**/*.test.ts",
            "tests/cases/*.test.ts",
            "tests/hostile/{reading,many-policies}.test.ts",
            "tests/project/*.test.ts",
            "tests/bench/**/*.test.ts",
            "conformance/src/**/*.test.ts",
          ],
          isolate: false,
          // Bounds, no assertions: property tests take minutes where the machine is busy.
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "system",
          include: ["tests/system/*.test.ts", "tests/hostile/process.test.ts"],
          pool: "forks",
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
