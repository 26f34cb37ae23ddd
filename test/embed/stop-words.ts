// Words without content of their own: two texts may share them and still share nothing.

const words =
  "a an the of to in on at by for from with and or but not no is are was were be been being it its his her him he she " +
  "you your they them their who whom whose which what when where while that this these those as so than then there one any " +
  "some something someone do does did done have has had having can could may must will would into onto out up down off " +
  "over after before because until only i my me we our us if without other another such about all each more most very " +
  "like own too just also both around round through same thing things people person somebody everyone nobody anything " +
  "nothing never get gets got make makes made let";

export const stopWords: ReadonlySet<string> = new Set(words.split(" "));
