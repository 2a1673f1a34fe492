import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../../support/python';

/** The manifest is data to these tests: any field may be missing, in any entry. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Entry = Readonly<Record<string, Json>>;

const read = (file: string) => JSON.parse(readFileSync(path.join(repository, file), 'utf8')) as Entry;
const manifest = read('package.json');
const contributes = manifest['contributes'] as Readonly<Record<string, Json>>;
const commands = contributes['commands'] as readonly Entry[];
const menus = contributes['menus'] as Readonly<Record<string, readonly Entry[]>>;
const properties = (contributes['configuration'] as Entry)['properties'] as Readonly<Record<string, Entry>>;
const [walkthrough] = contributes['walkthroughs'] as readonly Entry[];
const steps = walkthrough?.['steps'] as readonly Entry[];
const nameOf = ({ command }: Entry) => String(command);

/** They work at any time, or ask for what they are about. */
const ALWAYS = ['modelSurgery.showRuns', 'modelSurgery.showEngines'];

describe('commands', () => {
  it.each(commands.map((command) => [nameOf(command), command] as const))(
    '%s has a title, a category, and says when it is there',
    (name, command) => {
      expect(command).toMatchObject({
        title: expect.stringMatching(/\S/) as string,
        category: '%product%',
      });
      const placed = Object.values(menus).flat();
      const says =
        command['enablement'] !== undefined ||
        placed.some((item) => nameOf(item) === name && item['when'] !== undefined);
      expect(says || ALWAYS.includes(name)).toBe(true);
    },
  );

  it('have icons that VS Code has, where they have one', () => {
    const mapping = read('node_modules/@vscode/codicons/src/template/mapping.json');
    const known = new Set(Object.values(mapping).flat());
    const icons = commands.flatMap(({ icon }) => (icon === undefined ? [] : [icon]));
    expect(icons.length).toBeGreaterThan(50);
    for (const icon of icons) expect(known, String(icon)).toContain(/^\$\((.+)\)$/.exec(String(icon))?.[1]);
  });

  it('are all there where menus, keys and texts name them', () => {
    const names = new Set(commands.map(nameOf));
    const named = [...Object.values(menus).flat(), ...(contributes['keybindings'] as readonly Entry[])].map(
      nameOf,
    );
    for (const file of ['package.nls.json', 'package.nls.ko.json']) {
      const texts = Object.values(read(file)).map(String).join('\n');
      named.push(...[...texts.matchAll(/\(command:([\w.]+)\)/g)].map(([, name = '']) => name));
    }
    for (const step of steps) {
      for (const event of step['completionEvents'] as readonly string[])
        if (event.startsWith('onCommand:')) named.push(event.slice('onCommand:'.length));
    }
    for (const name of named) expect(names, name).toContain(name);
  });

  it('answer to keys only where they are meant', () => {
    for (const key of contributes['keybindings'] as readonly Entry[])
      expect(key['when'], nameOf(key)).toMatch(/modelSurgery/);
  });
});

describe('settings', () => {
  it.each(Object.entries(properties))('%s says what it is, and for where', (_, setting) => {
    expect(setting['description'] ?? setting['markdownDescription']).toMatch(/\S/);
    expect(setting['scope']).toMatch(/^(machine|machine-overridable|window|resource)$/);
    if (setting['enumDescriptions'])
      expect(setting['enumDescriptions']).toHaveLength((setting['enum'] as readonly Json[]).length);
  });

  it('that choose what runs are no workspace’s to set before it is trusted', () => {
    const { untrustedWorkspaces } = manifest['capabilities'] as Readonly<Record<string, Entry>>;
    const restricted = untrustedWorkspaces?.['restrictedConfigurations'] as readonly string[];
    for (const name of ['engine', 'allowCpu', 'nodePath', 'zoo.mirror'].map((key) => `modelSurgery.${key}`)) {
      const held = properties[name]?.['scope'] === 'machine' || restricted.includes(name);
      expect(held, name).toBe(true);
    }
    for (const name of restricted) expect(properties, name).toHaveProperty([name]);
  });
});

describe('pictures', () => {
  it('are where the manifest says', () => {
    const files = [manifest['icon'], walkthrough?.['icon']];
    for (const group of ['viewsContainers', 'views'])
      for (const entries of Object.values(contributes[group] as Readonly<Record<string, readonly Entry[]>>))
        files.push(...entries.map(({ icon }) => icon));
    files.push(...steps.map(({ media }) => (media as Entry)['svg']));
    expect(files.length).toBeGreaterThan(8);
    for (const file of files)
      expect(existsSync(path.join(repository, String(file))), String(file)).toBe(true);
  });

  it('of the walkthrough have the theme’s colours, and what a page without styles and scripts draws', () => {
    for (const { media } of steps) {
      const picture = readFileSync(path.join(repository, String((media as Entry)['svg'])), 'utf8');
      expect(picture).not.toMatch(/<style|style=|<script|<image|href/);
      for (const [, colour = ''] of picture.matchAll(/(?:fill|stroke)="([^"]*)"/g))
        expect(colour).toMatch(/^(none|var\(--vscode-[\w-]+, #\w+\))$/);
    }
  });
});

/** Every text of the manifest that a person reads, with its place in it. */
function textsOf(value: Json, place: string): [string, string][] {
  const READ =
    /\.(title|displayName|name|contextualTitle|description|markdownDescription|category|contents|altText|enumDescriptions\.\d+)$/;
  if (typeof value === 'string') return READ.test(place) ? [[place, value]] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as Entry).flatMap(([key, inner]) => textsOf(inner, `${place}.${key}`));
}

describe('languages', () => {
  const texts = [
    ...textsOf(contributes, 'contributes'),
    ...textsOf(manifest['capabilities'] ?? null, 'capabilities'),
    ...['displayName', 'description'].map((key): [string, string] => [key, String(manifest[key])]),
  ];
  const english = read('package.nls.json');
  const korean = read('package.nls.ko.json');
  const wordsOf = (text: Json | undefined, pattern: RegExp) => String(text).match(pattern)?.sort() ?? [];

  it('have every text of the manifest by its key, and no other', () => {
    expect(texts.length).toBeGreaterThan(120);
    for (const [place, text] of texts) expect(text, place).toMatch(/^%[\w.]+%$/);
    const keys = new Set(texts.map(([, text]) => text.slice(1, -1)));
    expect(Object.keys(english).sort()).toEqual([...keys].sort());
    expect(Object.keys(korean)).toEqual(Object.keys(english));
  });

  it('say the same in Korean: the same commands, code and dots, in Korean words', () => {
    for (const [key, text] of Object.entries(english)) {
      const translated = String(korean[key]);
      expect(wordsOf(translated, /\(command:[\w.]+\)|`[^`]+`/g), key).toEqual(
        wordsOf(text, /\(command:[\w.]+\)|`[^`]+`/g),
      );
      expect(translated.endsWith('…'), key).toBe(String(text).endsWith('…'));
      if (text !== 'Model Surgery') expect(translated, key).toMatch(/[가-힣]/);
    }
  });
});
