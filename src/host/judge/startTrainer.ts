import type { ToTrainer } from '../../protocol/trainer';
import type { TrainerProcess } from '../../trainer/client';

/** Starts a trainer for a request. @throws Failure where it does not start */
export type StartTrainer = (request: ToTrainer) => Promise<TrainerProcess>;
