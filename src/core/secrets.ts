/** The variable with the token of an engine: for glompo alone, and for nothing that it runs. */
export const ENGINE_TOKEN = 'GLOMPO_ENGINE_TOKEN';
