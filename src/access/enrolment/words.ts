/** 256 words that are easy to type and that a phone does not correct into others: one byte each. */
export const phraseWords: readonly string[] = `
  acorn actor album amber angle apple apron arrow atlas autumn bacon badge bagel baker bamboo banana
  banjo barrel basket beach bear berry bike bird biscuit blanket boat bonus book boot bottle branch
  bread breeze brick bridge brook brush bubble bucket butter button cabin cable cactus cake camel
  camera camp candle candy canoe canyon carbon carpet carrot castle cat cave cedar chair chalk cheese
  cherry circle city cliff clock cloud clover coast cobra coffee coin comet cookie copper coral corner
  cotton cousin coyote crane crayon cream creek cricket crown cup curtain daisy dance dawn deer desert
  diary dinner dolphin donkey door dragon drum duck eagle earth echo elbow engine evening falcon farm
  feather fern field finger fire flag flame flute forest fork fox frog fruit galaxy garden garlic
  ghost giant ginger glass glove gold grape grass guitar hammer harbor hat hawk hazel helmet hill
  honey horse hotel ice island ivory ivy jacket jaguar jelly jewel jungle kettle king kite kitten
  ladder lake lamp lantern laptop leaf lemon letter library lily lion lizard magnet mango maple marble
  market meadow melon mirror mitten monkey moon morning mountain music napkin nature needle nest
  noodle north nutmeg oak ocean olive onion orange orchid otter owl paint palace panda paper parrot
  pasta peach peanut pencil penguin pepper piano picnic pillow pine pirate planet plum pocket poem
  pond potato prince puzzle queen rabbit radio rainbow ribbon rice river robin robot rocket rose ruby
  sail salad salmon sand satin saturn school seal shadow shell silver sister sky snow soap sofa soup
  spider spoon spring
`
  .trim()
  .split(/\s+/);
