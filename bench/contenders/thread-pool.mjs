// The lean loop on threads of one interpreter.
import { onBothWheels } from './python.mjs';

export default onBothWheels({ key: 'threads', title: 'Python thread pool', program: 'thread_pool.py' });
