/** The Debian packages whose programs and data the image has; their libraries are found from the programs. */
export const debianPackages = ["nftables", "conntrack", "libstdc++6", "base-files", "netbase"];

/** What is taken of those packages besides libraries: programs, the names that they look up, and what scanners read. */
export const debianFiles = [
  "usr/sbin/nft",
  "usr/sbin/conntrack",
  "usr/lib/os-release",
  "etc/debian_version",
  "etc/protocols",
  "etc/services",
];

/** Node, as npm carries it: the version of all, and the integrity of each architecture's package. */
export const node = {
  version: "24.21.0",
  integrity: {
    x64: "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
    arm64: "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  },
};
