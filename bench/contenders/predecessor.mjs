// The design that this project replaces, reimplemented.
import { onBothWheels } from './python.mjs';

export default onBothWheels({ key: 'predecessor', title: "predecessor's design in Python", program: 'predecessor.py' });
