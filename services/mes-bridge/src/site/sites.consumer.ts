import { consumer } from '@lotwarden/platform/consumer';
import { SITES } from './site.ts';

/** A lot's id bears the date on the wall of its site. */
export const sitesHeard = () =>
  consumer({
    topic: 'warehouse.site.v1',
    group: 'mes-bridge.site',
    on: {
      SiteRegistered: ({ event: { site, timeZone } }, work) => {
        work.replace(SITES, { _id: site, timeZone });
      },
    },
  });
