// Goose and golang-migrate as libraries, three workers: migrate <goose|golang-migrate> <workload.json>
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing/fstest"
	"time"

	"github.com/golang-migrate/migrate/v4"
	"github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

type workload struct {
	Host, User, Password, Scripts string
	Port, Concurrency             int
	Databases                     []string
}

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(tool, file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var work workload
	if err := json.Unmarshal(content, &work); err != nil {
		return err
	}
	migrateOne, err := migrator(tool, work)
	if err != nil {
		return err
	}
	start := time.Now()
	queue := make(chan string)
	failures := make(chan error, len(work.Databases))
	var workers sync.WaitGroup
	for i := 0; i < work.Concurrency; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for database := range queue {
				if err := migrateDatabase(work, database, migrateOne); err != nil {
					failures <- fmt.Errorf("%s: %w", database, err)
				}
			}
		}()
	}
	for _, database := range work.Databases {
		queue <- database
	}
	close(queue)
	workers.Wait()
	close(failures)
	if err := <-failures; err != nil {
		return err
	}
	fmt.Printf("{\"seconds\": %.4f}\n", time.Since(start).Seconds())
	return nil
}

func migrateDatabase(work workload, database string, migrateOne func(*sql.DB) error) error {
	db, err := sql.Open("pgx", fmt.Sprintf("host=%s port=%d user=%s password=%s dbname=%s sslmode=disable",
		work.Host, work.Port, work.User, work.Password, database))
	if err != nil {
		return err
	}
	defer db.Close()
	return migrateOne(db)
}

func migrator(tool string, work workload) (func(*sql.DB) error, error) {
	paths, err := filepath.Glob(filepath.Join(work.Scripts, "V*.sql"))
	if err != nil {
		return nil, err
	}
	sort.Strings(paths)
	files := fstest.MapFS{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		name := strings.Replace(strings.TrimSuffix(filepath.Base(path)[1:], ".sql"), "__", "_", 1)
		if tool == "goose" {
			files[name+".sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\n-- +goose StatementBegin\n" +
				string(content) + "\n-- +goose StatementEnd\n")}
		} else {
			files[name+".up.sql"] = &fstest.MapFile{Data: content}
		}
	}
	if tool == "goose" {
		return func(db *sql.DB) error {
			provider, err := goose.NewProvider(goose.DialectPostgres, db, files)
			if err != nil {
				return err
			}
			_, err = provider.Up(context.Background())
			return err
		}, nil
	}
	return func(db *sql.DB) error {
		source, err := iofs.New(files, ".")
		if err != nil {
			return err
		}
		driver, err := pgx.WithInstance(db, &pgx.Config{})
		if err != nil {
			return err
		}
		instance, err := migrate.NewWithInstance("iofs", source, "pgx5", driver)
		if err != nil {
			return err
		}
		defer instance.Close()
		if err := instance.Up(); err != nil && !errors.Is(err, migrate.ErrNoChange) {
			return err
		}
		return nil
	}, nil
}
