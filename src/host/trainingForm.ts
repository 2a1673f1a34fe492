import path from 'node:path';
import * as vscode from 'vscode';
import type { Backbone } from '../core/backbone/recognise';
import type { DatasetView, TrainingForm } from '../protocol/editor';
import { classesOf, findImageFolder } from './imageFolders';

const key = (modelPath: string) => `trainingForm:${modelPath}`;

/** What the training form of each model held last, and what it starts with: settings, and the images found nearby. */
export class TrainingForms {
  constructor(private readonly memory: vscode.Memento) {}

  /** @param backbone the published architecture that the model begins with: its images go through what it was trained with */
  async formOf(modelPath: string, backbone?: Backbone): Promise<TrainingForm> {
    // One that an older version remembered has fewer fields.
    const remembered = this.memory.get<Partial<TrainingForm>>(key(modelPath));
    const dataFolder = remembered?.dataFolder ?? (await imagesFor(modelPath)) ?? '';
    return { ...defaultForm(dataFolder), ...preprocessOf(backbone), ...remembered };
  }

  async remember(modelPath: string, form: TrainingForm): Promise<void> {
    await this.memory.update(key(modelPath), form);
  }
}

/** Beside the model, else anywhere near the top of its workspace folder: a run's result lies far from the images. */
async function imagesFor(modelPath: string): Promise<string | undefined> {
  const workspace = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(modelPath));
  return (
    (await findImageFolder(path.dirname(modelPath))) ??
    (workspace && (await findImageFolder(workspace.uri.fsPath)))
  );
}

/** A formula of its own is no choice of the form. */
function preprocessOf(backbone: Backbone | undefined): Partial<TrainingForm> {
  const preprocess = backbone?.preprocess;
  return typeof preprocess === 'string' ? { preprocess } : {};
}

function defaultForm(dataFolder: string): TrainingForm {
  const settings = vscode.workspace.getConfiguration('modelSurgery.training');
  return {
    dataFolder,
    epochs: settings.get('epochs', 5),
    batchSize: settings.get('batchSize', 32),
    optimizer: settings.get<TrainingForm['optimizer']>('optimizer', 'adam'),
    learningRate: settings.get('learningRate', 0.001),
    validation: settings.get('validation', 0.2),
    preprocess: settings.get<TrainingForm['preprocess']>('preprocess', 'unit'),
    seed: 42,
  };
}

/** The image folder that a form names, as it is on disk now; null where it names none. */
export async function datasetOf({ dataFolder }: TrainingForm): Promise<DatasetView | null> {
  if (dataFolder === '') return null;
  return {
    folder: dataFolder,
    label: vscode.workspace.asRelativePath(dataFolder),
    classes: await classesOf(dataFolder),
  };
}
