from sqlalchemy import create_engine, text


def test_the_database_of_a_test_is_empty_and_its_own(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE receivable (id bigint PRIMARY KEY)"))
        assert connection.scalar(text("SELECT count(*) FROM pg_tables WHERE tablename = 'receivable'")) == 1
    engine.dispose()


def test_the_next_test_does_not_see_it(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_tables WHERE tablename = 'receivable'")) == 0
    engine.dispose()
