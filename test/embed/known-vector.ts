// A sentence and the beginning of its vector with the shipped table, computed once in Node 20.

export const sentence = "A ship finds its way home by the light of a tower on the coast";
export const vectorOfSentence: readonly number[] = [
  -0.00633558863773942, -0.05068470910191536, 0.13304737210273743, 0.019006766378879547, -0.00633558863773942,
  -0.0696914792060852,
];
