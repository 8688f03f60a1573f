/** The word before what is to be completed; no command of a person. */
export const completeWord = "__complete";

/** What makes a shell ask podwall for completions; where podwall has none, the shell offers files. */
export const shellScripts = {
  bash: `# podwall's completion for bash: source <(podwall completion bash)
_podwall() {
  local completion rest
  COMPREPLY=()
  while IFS=$'\\t' read -r completion rest; do
    COMPREPLY+=("$completion")
  done < <("\${COMP_WORDS[0]}" ${completeWord} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o bashdefault -o default -F _podwall podwall
`,
  zsh: `#compdef podwall
# podwall's completion for zsh: source <(podwall completion zsh), or a file _podwall in a folder of $fpath
_podwall() {
  local -a described
  local line
  for line in "\${(@f)$("\${words[1]}" ${completeWord} "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n "$line" ]] && described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#described} )); then
    _describe -t podwall podwall described
  else
    _files
  fi
}
if [ "\${funcstack[1]}" = "_podwall" ]; then
  _podwall "$@"
else
  compdef _podwall podwall
fi
`,
  fish: `# podwall's completion for fish: podwall completion fish | source
function __podwall_complete
  set -l words (commandline -opc)
  set -l last (commandline -ct)
  test (count $last) -eq 0; and set last ""
  $words[1] ${completeWord} $words[2..] $last 2>/dev/null
end
complete -c podwall -a '(__podwall_complete)'
`,
} as const;
