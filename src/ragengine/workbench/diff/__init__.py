"""Two rulebooks compared by what they mean, and by the ratings that flip."""
