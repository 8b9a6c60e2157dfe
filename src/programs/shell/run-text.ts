/** Runs the text of a program line by line: what stands before a syntax error is run. */
import type { Run } from '../wait.ts';
import { SyntaxFault, type Node } from './ast.ts';
import { evaluate } from './evaluate.ts';
import { Parser } from './parse.ts';
import type { Shell } from './shell.ts';

/** `tail`: nothing follows the text, its last command may take the shell's place. */
export function* runText(shell: Shell, text: string, tail = false, line = shell.line): Run<void> {
  const parser = new Parser(text, shell.aliases, line);
  let ran = false;
  for (;;) {
    const node = parseNext(shell, parser);
    if (!node) break;
    ran = true;
    if (shell.flags.has('n')) continue;
    yield* evaluate(shell, node, tail && parser.atEnd());
    if (shell.leaving) return;
  }
  if (!ran) shell.status = 0;
}

function parseNext(shell: Shell, parser: Parser): Node | undefined {
  try {
    return parser.next();
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    shell.line = error.line;
    throw shell.fault(error.message);
  }
}

/** Whether more input could make the text a complete command. */
export function isIncomplete(shell: Shell, text: string): boolean {
  try {
    const parser = new Parser(text, shell.aliases);
    while (parser.next());
    return parser.hereDocOpen;
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    return error.message.includes('unexpected end of file') || error.message.includes('unterminated');
  }
}
