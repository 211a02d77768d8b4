export default async () => {
  throw new Error('the shop is closed');
};
