// How a telephone number is written for people.

export const spaced = (number) => number.replace(/^(\+86)(\d{3})(\d{4})(\d{4})$/, "$1 $2 $3 $4");
