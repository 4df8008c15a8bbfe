/**
 * What a shell reads once. It asks `glompo complete` for what may stand where somebody is: the first line of the answer says how it is meant,
 * each other one is a word.
 */
export const SCRIPTS = {
  bash: `_glompo() {
  local IFS=$'\\n' answer words
  words=("\${COMP_WORDS[@]:0:COMP_CWORD + 1}")
  # A blank in a name has a backslash before it.
  words=("\${words[@]//\\\\/}")
  answer=($("\${words[0]}" complete -- "\${words[@]:1}" 2> /dev/null))
  COMPREPLY=("\${answer[@]:1}")
  if [[ \${answer[0]} == files ]]; then
    compopt -o filenames 2> /dev/null
    [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == */ ]] && compopt -o nospace 2> /dev/null
  fi
  return 0
}
complete -F _glompo glompo
`,
  zsh: `#compdef glompo
_glompo() {
  local -a answer plain
  answer=("\${(@f)$("\${words[1]}" complete -- "\${(@Q)words[2,CURRENT]}" 2> /dev/null)}")
  plain=("\${(@)answer[2,-1]}")
  if [[ $answer[1] == files ]]; then
    compadd -f -S '' -- "\${(@M)plain:#*/}"
    compadd -f -- "\${(@)plain:#*/}"
  else
    compadd -- "\${plain[@]}"
  fi
}
if [[ $funcstack[1] == _glompo ]]; then
  _glompo "$@"
else
  compdef _glompo glompo
fi
`,
} as const;
