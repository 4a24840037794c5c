/** Version of this package, the same in the sources (`src/`) and as built (`dist/`). */
export const { version } = require('../package.json') as { version: string };
