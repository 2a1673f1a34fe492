import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** What the code of a folder says to people. */
export interface Said {
  /** Where each sentence of `t` and `tn` is said; none where it is no plain literal. */
  readonly sentences: readonly { readonly english?: string; readonly place: string }[];
  /** Words that people read, and that are in English for everyone. */
  readonly untranslated: readonly string[];
}

/** Two letters on end: a mark as `×` or `e` is no word. */
const WORD = /\p{L}{2}/u;

/** Attributes of elements and of our components that are read or heard. */
const READ = new Set([
  ...[
    'title',
    'aria-label',
    'aria-description',
    'aria-roledescription',
    'aria-valuetext',
    'placeholder',
    'alt',
  ],
  ...['label', 'text', 'hint', 'heading', 'message', 'note', 'tooltip'],
]);

/** Of the source files under a folder, as TypeScript parses them. */
export function saidIn(root: string, folder: string): Said {
  const sentences: { english?: string; place: string }[] = [];
  const untranslated: string[] = [];
  const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => /\.tsx?$/.test(name)).sort()) {
    const name = path.posix.join(folder, file.split(path.sep).join('/'));
    const source = ts.createSourceFile(
      name,
      readFileSync(path.join(root, name), 'utf8'),
      ts.ScriptTarget.ES2022,
      true,
    );
    const at = (node: ts.Node) =>
      `${name}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
    const tell = (node: ts.Node) => {
      for (const plain of plainTexts(node))
        untranslated.push(`${at(plain)}: ${plain.getText(source).trim()}`);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
        const keys =
          node.expression.text === 't'
            ? node.arguments.slice(0, 1)
            : node.expression.text === 'tn'
              ? node.arguments.slice(1, 3)
              : [];
        for (const key of keys) {
          sentences.push({ place: at(key), ...(ts.isStringLiteral(key) && { english: key.text }) });
        }
      }
      if (ts.isJsxText(node)) tell(node);
      if (ts.isJsxExpression(node) && node.expression && !ts.isJsxAttribute(node.parent))
        tell(node.expression);
      if (ts.isJsxAttribute(node) && READ.has(node.name.getText(source)) && node.initializer) {
        tell(
          ts.isJsxExpression(node.initializer)
            ? (node.initializer.expression ?? node.initializer)
            : node.initializer,
        );
      }
      if (ts.isNewExpression(node) && node.expression.getText(source) === 'Failure') {
        const message = node.arguments?.[2];
        if (message) tell(message);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { sentences, untranslated };
}

/** The literals with words among what an expression may be; what `t` and other calls give is none. */
function plainTexts(node: ts.Node): ts.Node[] {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isJsxText(node)) {
    return WORD.test(node.text) ? [node] : [];
  }
  if (ts.isTemplateExpression(node)) {
    const texts = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
    return texts.some((text) => WORD.test(text)) ? [node] : [];
  }
  if (ts.isParenthesizedExpression(node)) return plainTexts(node.expression);
  if (ts.isConditionalExpression(node)) return [...plainTexts(node.whenTrue), ...plainTexts(node.whenFalse)];
  if (ts.isBinaryExpression(node)) {
    const kind = node.operatorToken.kind;
    if (kind === ts.SyntaxKind.PlusToken || kind === ts.SyntaxKind.QuestionQuestionToken) {
      return [...plainTexts(node.left), ...plainTexts(node.right)];
    }
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return plainTexts(node.right);
  }
  return [];
}
