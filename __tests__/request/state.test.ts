import { CONFIG_KEY, configOf, stateOn } from '../../src/request/state.js';

class State {}

describe('the key', () => {
  it('is a string, which Axios keeps in a merged config', () => {
    expect(CONFIG_KEY).toBe('axios-status-retry');
  });
});

describe('the state of a request', () => {
  it('is found through the config of an outcome', () => {
    const own = { url: '/', [CONFIG_KEY]: new State() };
    expect(configOf({ config: own })).toBe(own);
    expect(stateOn(own)).toBeInstanceOf(State);
    expect(stateOn(configOf(undefined))).toBeUndefined();
  });
});
