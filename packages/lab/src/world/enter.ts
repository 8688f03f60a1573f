/** How to get into a lab's namespaces. */
export interface Entrance {
  /** The first process of the lab's process namespace, as this machine numbers it. */
  readonly holder: number;
  /** Whether the lab has a user namespace, as one that an ordinary user started does. */
  readonly ownUsers: boolean;
}

/** What to put before a command to run it in a lab: in the network namespace `netns`, or in the one between the nodes. */
export function enterCommand({ holder, ownUsers }: Entrance, netns?: string): readonly string[] {
  return [
    "nsenter",
    `--target=${holder}`,
    // Without a change of credentials: the caller is root in there already, and may not set groups.
    ...(ownUsers ? ["--user", "--preserve-credentials"] : []),
    "--mount",
    "--pid",
    netns === undefined ? "--net" : `--net=${pathInside({ holder }, `/run/netns/${netns}`)}`,
    "--",
  ];
}

/** A path of the lab's own file system, seen from outside. */
export function pathInside({ holder }: Pick<Entrance, "holder">, path: string): string {
  return `/proc/${holder}/root${path}`;
}

/** Like `enterCommand`, and with a pod's own /etc/resolv.conf and /etc/hosts, which are in the folder `etc` of the lab. */
export function enterPodCommand(entrance: Entrance, netns: string, etc: string): readonly string[] {
  const script = [
    `for name in resolv.conf hosts; do`,
    `[ ! -e /etc/$name ] || mount --bind ${etc}/$name "$(readlink -f /etc/$name)" || exit 1;`,
    `done;`,
    `exec "$@"`,
  ].join(" ");
  return [...enterCommand(entrance, netns), "unshare", "--mount", "sh", "-c", script, "sh"];
}
