/**
 * What a client runs with bash: tries all of its arguments at once, again and again, and prints a line for each: the round, the
 * probe's number, and `open` or the first word of what agnhost says. An argument is a number, a protocol, a host and what
 * agnhost is to connect to. A round that is over is a line of its own.
 */
export const probeScript = `
try() {
  if [ "$2" = icmp ]; then
    command -v ping >/dev/null || { echo "$round $1 MISSING"; return; }
    if said=$(ping -c 1 -W 2 "$3" 2>&1); then echo "$round $1 open"
    else case $said in *transmitted*) echo "$round $1 TIMEOUT";; *) echo "$round $1 UNKNOWN";; esac
    fi
  elif said=$("$AGNHOST" connect --protocol="$2" --timeout="$TIMEOUT" "$4" 2>&1); then echo "$round $1 open"
  else said=\${said%%:*}; echo "$round $1 \${said%% *}"
  fi
}
round=0
while [ "$round" -lt "$ROUNDS" ]; do
  round=$((round + 1))
  for one in "$@"; do try $one & done
  wait
  echo "$round over"
  [ "$PAUSE" = 0 ] || sleep "$PAUSE"
done
`;

/**
 * Opens one connection to a web server, and asks it again and again over that. A line is a round, and `open` where an answer
 * came. Its arguments are a host and a port.
 */
export const liveScript = `
trap '' PIPE
exec 3<>"/dev/tcp/$1/$2" || { echo "1 0 REFUSED"; exit; }
round=0
while [ "$round" -lt "$ROUNDS" ]; do
  round=$((round + 1)) answer=silent
  printf 'GET / HTTP/1.1\\r\\nHost: doctor\\r\\n\\r\\n' >&3 2>/dev/null
  while read -r -t 1 line <&3; do answer=open; done
  echo "$round 0 $answer"
  echo "$round over"
done
`;
