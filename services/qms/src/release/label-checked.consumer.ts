import { consumer } from '@lotwarden/platform/consumer';
import type { House } from '../house.ts';

/** Labels are inspected before release (21 CFR 820.45); what the inspection found bears on it. */
export const labelChecked = ({ quality }: Pick<House, 'quality'>) =>
  consumer({
    topic: 'serialization.serial-range.v1',
    group: 'qms.release',
    on: {
      LabelCheckRecorded: async ({ event: { lot, labelVersion, verdict } }, work) => {
        await work.append(quality, lot, [{ type: 'LabelsChecked', lot, labelVersion, verdict }]);
      },
    },
  });
